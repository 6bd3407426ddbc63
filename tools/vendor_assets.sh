#!/bin/sh
# Fetches what others made and we serve: tracker/static/vendor/NAME-VERSION/, each with its licence.
# Run by a maintainer to take a new version; the result is committed, so nobody else needs node.
# Afterwards: change the folder's name in tracker/static/look.css, start.js and templates/layouts/base.html.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
vendor="$here/tracker/static/vendor"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() {  # fetch PACKAGE VERSION FOLDER FILE…: the named files of a package, into FOLDER
    package=$1 version=$2 folder="$vendor/$3"
    shift 3
    rm -rf "$work/package"
    archive=$(cd "$work" && npm pack --silent "$package@$version")
    tar -xzf "$work/$archive" -C "$work"
    rm -rf "$folder"
    mkdir -p "$folder"
    for file in "$@"; do cp "$work/package/$file" "$folder/"; done
    chmod 644 "$folder"/*
}

fetch govuk-frontend 6.6.0 govuk-frontend-6.6.0 \
    dist/govuk/govuk-frontend.min.css dist/govuk/govuk-frontend.min.js
fetch @fontsource-variable/instrument-sans 5.3.0 instrument-sans-5.3.0 \
    files/instrument-sans-latin-wght-normal.woff2 LICENSE
fetch @fontsource-variable/newsreader 5.3.0 newsreader-5.3.0 \
    files/newsreader-latin-wght-normal.woff2 LICENSE

# GOV.UK Frontend names a font that only GOV.UK may use, and source maps that we do not serve.
govuk="$vendor/govuk-frontend-6.6.0"
sed -i -e 's/@font-face{[^}]*}//g' -e 's|/\*# sourceMappingURL=[^*]*\*/||' "$govuk/govuk-frontend.min.css"
sed -i -e 's|//# sourceMappingURL=.*$||' "$govuk/govuk-frontend.min.js"

# Its package carries no licence file; this is the one of its repository.
cat > "$govuk/LICENSE" <<'LICENCE'
The MIT License (MIT)

Copyright (C) 2017 Crown Copyright (Government Digital Service)

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies
of the Software, and to permit persons to whom the Software is furnished to do
so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
LICENCE

cd "$vendor"
find . -type f ! -name manifest.json | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum |
    awk 'BEGIN { print "{" } { printf "%s  \"%s\": \"%s\"", (NR > 1 ? ",\n" : ""), $2, $1 } END { print "\n}" }' > manifest.json
cat manifest.json
