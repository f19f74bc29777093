#!/bin/sh
# Makes the environment of this checkout (.venv): what requirements.lock lists, each file checked against its hash, and
# the package itself, editable. Needs Python 3.11 or newer with pip, and a package index. A second run finds that
# nothing has changed and ends at once. PYTHON=... names another interpreter.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
environment=$root/.venv
made=$environment/cartella-environment
wanted="$root $(cat "$root/requirements.lock" "$root/pyproject.toml" | cksum)"

if [ -x "$environment/bin/python" ] && [ "$(cat "$made" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

python=
for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14 python}; do
    if "$candidate" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "cartella: needs Python 3.11 or newer with pip, and found none among: ${PYTHON:-python3, python3.11 to 3.14, python}." >&2
    echo "Install it, or name it: PYTHON=/path/to/python $0" >&2
    exit 1
fi

echo "cartella: preparing the environment in .venv, once; this takes a minute ..." >&2
# Scripts in an environment name its place, so one that was moved here from elsewhere is made anew.
case "$(cat "$made" 2>/dev/null)" in
"" | "$root "*) clear= ;;
*) clear=--clear ;;
esac
rm -f "$made"
# pip of the interpreter installs into the environment: the module that puts pip into a new one is often a package of
# its own, and absent.
"$python" -m venv --without-pip $clear "$environment"
install() {
    if ! "$python" -m pip --python "$environment/bin/python" --disable-pip-version-check --no-input install --quiet --quiet "$@"; then
        echo "cartella: the environment is not complete. See the words of pip above; then run the command again." >&2
        exit 1
    fi
}
install --require-hashes --requirement "$root/requirements.lock"
install --no-deps --no-build-isolation --editable "$root"
echo "$wanted" >"$made"
