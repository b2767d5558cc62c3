package io.microbatcher.cli.demo;

/**
 * One row to be written.
 *
 * @param run which way of writing it belongs to, from 1
 * @param caller who writes it, from 0
 * @param number counts the rows of one caller in one run, from 0
 */
record Entry(int run, int caller, int number) {}
