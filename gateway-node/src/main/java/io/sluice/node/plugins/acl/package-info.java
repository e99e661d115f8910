/**
 * acl: lets consumers in, or keeps them out, by the groups they are in.
 */
@NullMarked
package io.sluice.node.plugins.acl;

import org.jspecify.annotations.NullMarked;
