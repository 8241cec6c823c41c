/**
 * What Weir does with the records of a produce request, once its topics are allowed and before it goes to the broker. All rules
 * are in one list, in {@link dev.weir.proxy.rule.RequestRules}; a request that none of them concerns never comes here.
 */
@NullMarked
package dev.weir.proxy.rule;

import org.jspecify.annotations.NullMarked;
