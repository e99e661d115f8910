package io.sluice.node.config.document;

/** A text is no document; the message says where and why and quotes no values. Stays inside this package. */
final class DocumentException extends Exception {

    private static final long serialVersionUID = 1;

    DocumentException(String message) {
        super(message);
    }
}
