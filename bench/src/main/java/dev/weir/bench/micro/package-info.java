/** What single steps of the data path cost, by JMH. */
@NullMarked
package dev.weir.bench.micro;

import org.jspecify.annotations.NullMarked;
