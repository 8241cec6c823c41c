/**
 * What Weir does with records: with those of a produce request, once its topics are allowed and before it goes to the broker
 * ({@link dev.weir.proxy.rule.RequestRules}), and with those of a fetch response before it goes to the client
 * ({@link dev.weir.proxy.rule.FetchRules}). Each way has all its rules in one list; what none of them concerns never comes here.
 */
@NullMarked
package dev.weir.proxy.rule;

import org.jspecify.annotations.NullMarked;
