/** Policy from a Git repository, read with JGit. The only package that knows of JGit. */
@NullMarked
package dev.weir.policy.source.git;

import org.jspecify.annotations.NullMarked;
