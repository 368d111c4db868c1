#!/bin/sh
# Runs its arguments with the first Python from 3.11 to 3.13 that really starts (a name on the PATH may only pretend),
# or says in one sentence what is missing.
found="none"
for name in python3.13 python3.12 python3.11 python3; do
    version=$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    case "$version" in
        3.11 | 3.12 | 3.13)
            "$name" -c 'import ensurepip, venv' 2>/dev/null && exec "$name" "$@"
            found="$version without venv (on Debian and Ubuntu: install python$version-venv)"
            ;;
        *) [ "$found" = "none" ] && found="$version" ;;
    esac
done
echo "Kept needs Python 3.11 to 3.13; found $found." >&2
exit 1
