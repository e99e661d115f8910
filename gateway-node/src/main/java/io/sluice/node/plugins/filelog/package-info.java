/**
 * file-log: appends a JSON record of every exchange to a file.
 */
@NullMarked
package io.sluice.node.plugins.filelog;

import org.jspecify.annotations.NullMarked;
