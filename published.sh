# shellcheck shell=sh
# What is published, for ./api-diff, ./reproducible and ./docs/build, which read this file.

# Prints the modules of the build in a directory that are published.
published_modules() {
    for module in $(sed -n 's/.*<module>\(.*\)<\/module>.*/\1/p' "$1/pom.xml"); do
        ! grep -q '<maven.deploy.skip>false<' "$1/$module/pom.xml" || printf '%s\n' "$module"
    done
}

# Prints the version of the build in a directory.
version_of() {
    sed -n 's/^  <version>\(.*\)<\/version>.*/\1/p' "$1/pom.xml" | head -n 1
}

# Prints its words with commas between them, for the option -pl of Maven.
joined_by_commas() {
    printf '%s\n' "$@" | paste -s -d, -
}

# Runs a command and shows what it printed only if it fails.
quietly() {
    log=$(mktemp)
    "$@" > "$log" 2>&1 || { status=$?; cat "$log" >&2; rm -f "$log"; return "$status"; }
    rm -f "$log"
}
