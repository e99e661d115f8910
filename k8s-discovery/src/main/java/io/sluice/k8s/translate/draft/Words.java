package io.sluice.k8s.translate.draft;

import java.util.ArrayList;
import java.util.List;

/** Lists written as text. */
public final class Words {

    private Words() {}

    /** What is between the commas, without spaces around it, empty pieces left out. */
    public static List<String> of(String list) {
        List<String> words = new ArrayList<>();
        int from = 0;
        while (from <= list.length()) {
            int comma = list.indexOf(',', from);
            int to = comma < 0 ? list.length() : comma;
            String word = list.substring(from, to).strip();
            if (!word.isEmpty()) {
                words.add(word);
            }
            from = to + 1;
        }
        return words;
    }
}
