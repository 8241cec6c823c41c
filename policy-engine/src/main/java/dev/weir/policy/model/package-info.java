/**
 * Policy as inert data: what the documents say, checked but not yet compiled. Immutable; knows nothing of YAML, Git or
 * time.
 *
 * <p>Glossary: a <em>document</em> holds rules and has a name; a <em>rule</em> allows or denies; its <em>grants</em>
 * say which operations on which names; its <em>callers</em> say for whom; its <em>condition</em> ({@code when:}) says
 * under which circumstances.
 */
@NullMarked
package dev.weir.policy.model;

import org.jspecify.annotations.NullMarked;
