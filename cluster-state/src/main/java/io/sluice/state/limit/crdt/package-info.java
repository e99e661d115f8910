/** Token pools of several nodes: what the pure pool needs of Pekko, the fast lane of messages and the slow lane of Distributed Data. */
@NullMarked
package io.sluice.state.limit.crdt;

import org.jspecify.annotations.NullMarked;
