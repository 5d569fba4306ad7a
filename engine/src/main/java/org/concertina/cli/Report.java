package org.concertina.cli;

import java.util.List;
import java.util.Map;

/**
 * What a command has to say on stdout.
 *
 * @param json for programs, in this order
 * @param lines the same for people
 */
record Report(Map<String, Object> json, List<String> lines) {}
