# shellcheck shell=sh
# Finds Java, for ./verify and ./benchmarks/run, which read this file.

# Prints one property of a JVM.
property_of() {
    "$1" -XshowSettings:properties -version 2>&1 | sed -n "s/^ *$2 = //p"
}

# Prints the java that Maven uses too; fails if there is none.
default_jvm() {
    if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
        printf '%s\n' "$JAVA_HOME/bin/java"
    else
        command -v java || { echo "no java found; install a JDK, 17 or later" >&2; return 1; }
    fi
}

# Prints the homes of the JDKs installed beside a known one, and of those that the usual installers keep in $HOME.
jdk_homes() {
    for known in "$(property_of "$1" java.home)" "${JAVA_HOME:-}" "${JDK_HOME:-}"; do
        [ -z "$known" ] || printf '%s\n' "${known%/*}"/* "${known%/Contents/Home}"/../*/Contents/Home
    done
    printf '%s\n' "${HOME:-/nowhere}"/.sdkman/candidates/java/* "${HOME:-/nowhere}"/.jdks/*
}

# Prints the java of the newest JDK that is newer than the given java; nothing if there is none.
newer_jvm() {
    jdk_homes "$1" | sort -u | while IFS= read -r home; do
        if [ -x "$home/bin/java" ] && [ -x "$home/bin/javac" ]; then
            version=$(property_of "$home/bin/java" java.specification.version)
            case $version in
                '' | *[!0-9]*) ;; # 1.8 and before, or not a JVM
                *) printf '%s %s\n' "$version" "$home/bin/java" ;;
            esac
        fi
    done | sort -n | awk -v least="$(property_of "$1" java.specification.version)" \
        '$1 > least { sub(/^[0-9]+ /, ""); found = $0 } END { print found }'
}
