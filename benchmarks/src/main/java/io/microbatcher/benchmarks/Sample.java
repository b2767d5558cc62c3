package io.microbatcher.benchmarks;

import java.util.Map;

/**
 * What one fork measured in one trial.
 *
 * @param cell what was the same for all contenders
 * @param contender who
 * @param setting how it was tuned
 * @param fork which repetition, from 0
 * @param metrics the figures by name
 */
public record Sample(String cell, String contender, String setting, int fork, Map<String, Double> metrics) {}
