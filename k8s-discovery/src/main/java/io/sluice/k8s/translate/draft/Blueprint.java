package io.sluice.k8s.translate.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Everything that one translation puts together. Not thread-safe. */
public final class Blueprint {

    private final Map<String, ServiceDraft> services = new TreeMap<>();
    private final List<Draft> certificates = new ArrayList<>();
    private final List<Draft> authorities = new ArrayList<>();
    private final List<ConsumerDraft> consumers = new ArrayList<>();
    private final List<Draft> groups = new ArrayList<>();
    private final List<Draft> vaults = new ArrayList<>();
    private final List<Draft> plugins = new ArrayList<>();
    private final List<Draft> others = new ArrayList<>();
    private final Claims claims = new Claims();

    /** By name. */
    public Map<String, ServiceDraft> services() {
        return services;
    }

    /** Certificates; their server names are nested in them. */
    public List<Draft> certificates() {
        return certificates;
    }

    public List<Draft> authorities() {
        return authorities;
    }

    public List<ConsumerDraft> consumers() {
        return consumers;
    }

    public List<Draft> groups() {
        return groups;
    }

    public List<Draft> vaults() {
        return vaults;
    }

    public List<Draft> plugins() {
        return plugins;
    }

    /** Entities of any kind, out of KongCustomEntity. */
    public List<Draft> others() {
        return others;
    }

    public Claims claims() {
        return claims;
    }
}
