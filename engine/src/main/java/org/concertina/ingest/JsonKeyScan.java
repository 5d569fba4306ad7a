package org.concertina.ingest;

import java.util.ArrayList;
import java.util.List;

/** Lists the keys of a line's object, to choose among; the line may be cut or no JSON at all. */
final class JsonKeyScan {
  private JsonKeyScan() {}

  static List<String> topLevel(String line) {
    List<String> keys = new ArrayList<>();
    int depth = 0;
    for (int at = 0; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '{' || c == '[') {
        depth++;
      } else if (c == '}' || c == ']') {
        depth--;
      } else if (c == '"') {
        int begin = at + 1;
        for (at = begin; at < line.length() && line.charAt(at) != '"'; at++) {
          at += line.charAt(at) == '\\' ? 1 : 0;
        }
        int next = at + 1;
        while (next < line.length() && line.charAt(next) == ' ') {
          next++;
        }
        if (depth == 1 && next < line.length() && line.charAt(next) == ':') {
          keys.add(line.substring(begin, Math.min(at, line.length())));
        }
      }
    }
    return keys;
  }
}
