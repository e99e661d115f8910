package io.sluice.state.limit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Looks whether a file of LMDB 0.9 is whole before LMDB opens it.
 *
 * <p>Design note. LMDB trusts its file: it follows page numbers and offsets without a look, in memory it has mapped, so a file that
 * was cut off or overwritten ends the process and not just the call. This walks over every page that LMDB can reach and checks just
 * what LMDB relies on: numbers within the file, no page used twice, nodes within their page. Cost: the file is read once, at the
 * start. Names are those of {@code mdb.c}.
 */
final class PageCheck {

    private static final int MAGIC = 0xBEEFC0DE;
    private static final int VERSION = 1;
    private static final int HEADER = 16;
    private static final int LEAST_PAGE = 512;
    private static final int MOST_PAGE = 65_536;
    private static final long NO_PAGE = -1;
    private static final int P_BRANCH = 1;
    private static final int P_LEAF = 2;
    private static final int P_OVERFLOW = 4;
    private static final int P_META = 8;
    private static final int F_BIGDATA = 1;
    private static final int F_SUBDATA = 2;
    private static final int NODE = 8;
    private static final int DB = 48;
    private static final int MOST_DEPTH = 32;

    private final FileChannel file;
    private final int pageSize;
    private final long pages;
    private final BitSet used = new BitSet();
    private final BitSet free = new BitSet();

    private PageCheck(FileChannel file, int pageSize, long pages) {
        this.file = file;
        this.pageSize = pageSize;
        this.pages = pages;
    }

    /** Harmless if there is no file yet. */
    static void check(Path data) throws UnsoundFile, IOException {
        if (!Files.exists(data) || Files.size(data) == 0 || ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            return;
        }
        try (FileChannel file = FileChannel.open(data)) {
            Meta first = Meta.read(file, 0);
            Meta second = Meta.read(file, first.pageSize);
            if (first.pageSize != second.pageSize) {
                throw new UnsoundFile("its two heads disagree");
            }
            Meta newer = first.transaction >= second.transaction ? first : second;
            PageCheck check = new PageCheck(file, first.pageSize, newer.lastPage + 1);
            check.used.set(0, 2);
            check.tree(newer.mainRoot, 0, false);
            check.tree(newer.freeRoot, 0, true);
            if (check.used.intersects(check.free)) {
                throw new UnsoundFile("a page is free and in use");
            }
        }
    }

    private record Meta(int pageSize, long freeRoot, long mainRoot, long lastPage, long transaction) {

        private static Meta read(FileChannel file, long at) throws UnsoundFile, IOException {
            ByteBuffer page = bytes(file, at, 152);
            int pageSize = page.getInt(40);
            boolean known = (page.getShort(10) & P_META) != 0 && page.getInt(16) == MAGIC && page.getInt(20) == VERSION;
            if (!known
                    || pageSize < LEAST_PAGE
                    || pageSize > MOST_PAGE
                    || Integer.bitCount(pageSize) != 1
                    || page.getLong(136) < 1
                    || page.getLong(136) > Integer.MAX_VALUE) {
                throw new UnsoundFile("no file of LMDB 0.9");
            }
            return new Meta(pageSize, page.getLong(80), page.getLong(128), page.getLong(136), page.getLong(144));
        }
    }

    private static ByteBuffer bytes(FileChannel file, long at, int size) throws UnsoundFile, IOException {
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, at + bytes.position()) < 0) {
                throw new UnsoundFile("it ends at " + file.size() + " bytes, within a page that is in use");
            }
        }
        return bytes;
    }

    private ByteBuffer page(long number, int count) throws UnsoundFile, IOException {
        if (number < 2 || number + count > pages || count < 1) {
            throw new UnsoundFile("it refers to page " + number + " of " + pages);
        }
        for (int i = 0; i < count; i++) {
            if (used.get((int) number + i)) {
                throw new UnsoundFile("page " + (number + i) + " is used twice");
            }
            used.set((int) number + i);
        }
        ByteBuffer page = bytes(file, number * pageSize, pageSize);
        if (page.getLong(0) != number) {
            throw new UnsoundFile("page " + number + " is something else");
        }
        if (count > 1) {
            bytes(file, (number + count) * pageSize - 1, 1);
        }
        return page;
    }

    private void tree(long root, int depth, boolean freeList) throws UnsoundFile, IOException {
        if (root == NO_PAGE) {
            return;
        }
        ByteBuffer page = page(root, 1);
        int flags = page.getShort(10) & 0xFF;
        int lower = page.getShort(12) & 0xFFFF;
        int upper = page.getShort(14) & 0xFFFF;
        boolean branch = flags == P_BRANCH;
        if (depth > MOST_DEPTH
                || !branch && flags != P_LEAF
                || lower < HEADER + 2
                || lower > upper
                || upper > pageSize
                || lower % 2 != 0) {
            throw new UnsoundFile("page " + root + " has a wrong head");
        }
        for (int pointer = HEADER; pointer < lower; pointer += 2) {
            int at = page.getShort(pointer) & 0xFFFF;
            if (at < upper || at + NODE > pageSize) {
                throw new UnsoundFile("page " + root + " refers to byte " + at);
            }
            if (branch) {
                within(root, at, NODE + (page.getShort(at + 6) & 0xFFFF));
                long child = page.getInt(at) & 0xFFFFFFFFL | (page.getShort(at + 4) & 0xFFFFL) << 32;
                tree(child, depth + 1, freeList);
            } else {
                leaf(root, page, at, freeList);
            }
        }
    }

    private void within(long number, int at, long size) throws UnsoundFile {
        if (at + size > pageSize) {
            throw new UnsoundFile("page " + number + " has a node of " + size + " bytes");
        }
    }

    private void leaf(long number, ByteBuffer page, int at, boolean freeList) throws UnsoundFile, IOException {
        long size = page.getInt(at) & 0xFFFFFFFFL;
        int flags = page.getShort(at + 4) & 0xFFFF;
        int data = at + NODE + (page.getShort(at + 6) & 0xFFFF);
        boolean sizeFits = flags == 0
                || flags == F_BIGDATA && size < pages * pageSize
                || flags == F_SUBDATA && size == DB && !freeList;
        if (!sizeFits) {
            throw new UnsoundFile("page " + number + " has a node of an unknown kind");
        }
        within(number, data, flags == F_BIGDATA ? 8 : size);
        if (flags == F_SUBDATA) {
            tree(page.getLong(data + 40), 0, false);
        } else if (flags == F_BIGDATA) {
            long first = page.getLong(data);
            int count = (int) ((size + HEADER + pageSize - 1) / pageSize);
            if ((page(first, count).getShort(10) & 0xFF) != P_OVERFLOW) {
                throw new UnsoundFile("page " + first + " has a wrong head");
            }
            if (freeList) {
                freed(bytes(file, first * pageSize + HEADER, (int) size), 0, size);
            }
        } else if (freeList) {
            freed(page, data, size);
        }
    }

    /** A list of free pages: how many, then their numbers. */
    private void freed(ByteBuffer list, int at, long size) throws UnsoundFile {
        long count = size < 8 ? -1 : list.getLong(at);
        if (count < 0 || (count + 1) * 8 > size) {
            throw new UnsoundFile("a list of free pages is too short");
        }
        for (int i = 1; i <= count; i++) {
            long number = list.getLong(at + i * 8);
            if (number < 2 || number >= pages || free.get((int) number)) {
                throw new UnsoundFile("page " + number + " of " + pages + " cannot be free");
            }
            free.set((int) number);
        }
    }
}
