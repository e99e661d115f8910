package io.sluice.k8s.translate;

import io.sluice.k8s.translate.draft.Blueprint;
import io.sluice.k8s.translate.draft.ConsumerDraft;
import io.sluice.k8s.translate.draft.Draft;
import io.sluice.k8s.translate.draft.RouteDraft;
import io.sluice.k8s.translate.draft.ServiceDraft;
import io.sluice.state.model.kind.EntityKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The blueprint as a declarative document: lists by kind, each sorted, children inside their parents. */
final class DocumentWriter {

    private static final String FORMAT = "3.0";

    private final Map<String, @Nullable Object> document = new LinkedHashMap<>();

    private DocumentWriter() {}

    static Map<String, @Nullable Object> write(Blueprint blueprint) {
        DocumentWriter writer = new DocumentWriter();
        writer.document.put("_format_version", FORMAT);
        writer.list(EntityKind.SERVICE, blueprint.services().values(), DocumentWriter::service);
        writer.list(EntityKind.UPSTREAM, blueprint.services().values(), DocumentWriter::upstream);
        writer.list(EntityKind.CERTIFICATE, blueprint.certificates(), Draft::fields);
        writer.list(EntityKind.CA_CERTIFICATE, blueprint.authorities(), Draft::fields);
        writer.list(EntityKind.CONSUMER_GROUP, sorted(blueprint.groups(), "name"), Draft::fields);
        List<ConsumerDraft> consumers = new ArrayList<>(blueprint.consumers());
        consumers.sort(Comparator.comparing(ConsumerDraft::identifier));
        writer.list(EntityKind.CONSUMER, consumers, DocumentWriter::consumer);
        writer.list(EntityKind.VAULT, sorted(blueprint.vaults(), "prefix"), Draft::fields);
        writer.list(EntityKind.PLUGIN, blueprint.plugins(), Draft::fields);
        for (Draft other : sorted(blueprint.others(), "id")) {
            writer.add(other);
        }
        return writer.document;
    }

    private <T> void list(EntityKind kind, Iterable<T> drafts, Function<T, Map<String, @Nullable Object>> tree) {
        List<@Nullable Object> list = new ArrayList<>();
        drafts.forEach(draft -> list.add(tree.apply(draft)));
        if (!list.isEmpty()) {
            document.put(kind.plural(), list);
        }
    }

    private void add(Draft other) {
        List<@Nullable Object> list = new ArrayList<>();
        if (document.get(other.kind().plural()) instanceof List<?> before) {
            list.addAll(before);
        }
        list.add(other.fields());
        document.put(other.kind().plural(), list);
    }

    private static Map<String, @Nullable Object> service(ServiceDraft draft) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>(draft.service().fields());
        List<Draft> routes = draft.routes().stream().map(RouteDraft::route).toList();
        tree.put(EntityKind.ROUTE.plural(), trees(sorted(routes, "name")));
        return tree;
    }

    private static Map<String, @Nullable Object> upstream(ServiceDraft draft) {
        Map<String, @Nullable Object> tree =
                new LinkedHashMap<>(draft.upstream().fields());
        if (!draft.targets().isEmpty()) {
            tree.put(EntityKind.TARGET.plural(), trees(draft.targets()));
        }
        return tree;
    }

    private static Map<String, @Nullable Object> consumer(ConsumerDraft draft) {
        Map<String, @Nullable Object> tree =
                new LinkedHashMap<>(draft.consumer().fields());
        Map<String, List<Draft>> byKind = new TreeMap<>();
        for (Draft credential : draft.credentials()) {
            byKind.computeIfAbsent(credential.kind().plural(), kind -> new ArrayList<>())
                    .add(credential);
        }
        byKind.forEach((kind, credentials) -> {
            credentials.sort(Comparator.comparing(Draft::source));
            tree.put(kind, trees(credentials));
        });
        return tree;
    }

    private static List<Object> trees(List<Draft> drafts) {
        List<Object> trees = new ArrayList<>(drafts.size());
        drafts.forEach(draft -> trees.add(draft.fields()));
        return trees;
    }

    private static List<Draft> sorted(List<Draft> drafts, String field) {
        List<Draft> sorted = new ArrayList<>(drafts);
        sorted.sort(Comparator.comparing(draft -> draft.text(field)));
        return sorted;
    }
}
