#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Reports in a real browser, headless Chromium: no message on its console, no request, no element
# wider than the page and no text too small to read at 360, 768 and 1440 pixels; and valid HTML.
set -euo pipefail
root=${NABLA_SOURCE_DIR:-$(cd "$(dirname "$0")/../.." && pwd)}
nabla=${NABLA:-$root/build/nabla}

skip() {
  echo "skipped: $1"
  exit 77
}
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
  skip "no Chromium on PATH (Debian: chromium)"
command -v gnuplot >/dev/null || skip "no gnuplot on PATH (Debian: gnuplot-nox)"

# Below the build folder, as a browser in a sandbox of its own may not see /tmp.
folder=$(mktemp -d "$PWD/report-XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"

fail() {
  printf '%s\n' "$@"
  exit 1
}

# browse FILE [OPTION...]: the page as it is once it has settled; its console goes to console.
browse() {
  timeout 120 "$browser" --headless --no-sandbox --disable-gpu --no-first-run --disable-sync \
    --disable-background-networking --disable-component-update --user-data-dir="$folder/profile" \
    --allow-file-access-from-files --host-resolver-rules="MAP * ~NOTFOUND" --enable-logging=stderr \
    --virtual-time-budget=3000 "${@:2}" --dump-dom "file://$1" 2>"$folder/console"
}

# Names, in the page that frames it, the elements that do not fit or are too small. The file's policy allows no
# script but its own, so this one goes into a copy.
read -r -d '' probe <<'JS' || true
<script>addEventListener("load", function () {
  var problems = [];
  if (document.documentElement.scrollWidth > innerWidth) problems.push("page wider than " + innerWidth);
  document.querySelectorAll("body *").forEach(function (e) {
    var box = e.getBoundingClientRect();
    if (box.right > innerWidth + 0.5 && !e.closest(".box, pre")) problems.push("wide " + e.outerHTML.slice(0, 80));
    var own = Array.from(e.childNodes).some(function (n) { return n.nodeType === 3 && n.data.trim(); });
    var scale = e.getScreenCTM ? e.getScreenCTM().a : 1;
    var size = parseFloat(getComputedStyle(e).fontSize) * scale;
    if (own && box.height > 0 && size < 10) problems.push("small " + size + " " + e.outerHTML.slice(0, 80));
  });
  var curves = document.querySelector(".pair #curves .plot");
  if (innerWidth >= 1440 && curves && curves.getBoundingClientRect().bottom > 900) problems.push("curves below the first screen");
  if (document.querySelectorAll("img").length && !Array.from(document.images).every(function (i) { return i.naturalWidth; }))
    problems.push("broken picture");
  parent.postMessage(problems.slice(0, 5).map(function (p) { return innerWidth + " pixels: " + p; }).join("\n") || "all fits", "*");
});</script>
JS

# check_page FILE
check_page() {
  local width
  browse "$1" --log-net-log="$folder/net" >"$folder/dom" || fail "$1: the browser failed" "$(cat console)"
  grep -q '</html>' dom || fail "$1: not opened" "$(cat console)"
  ! grep CONSOLE console || fail "$1: the console is not empty"
  # Requests that the browser makes on its own account are not the page's.
  ! grep -oE '"url":"(https?|ftp|wss?):[^"]*' net | grep -vE 'google\.com|googleapis\.com|gstatic\.com' ||
    fail "$1: a request"
  sed "s/script-src [^\"]*/script-src 'unsafe-inline'/" "$1" >probed.html
  printf '%s\n' "$probe" >>probed.html
  {
    echo '<!DOCTYPE html><title>frame</title>'
    for width in 360 768 1440; do
      echo "<iframe style=\"border:0;width:${width}px;height:3000px\" src=\"probed.html\"></iframe>"
    done
    cat <<'HTML'
<pre id="said"></pre><script>addEventListener("message", function (e) { document.getElementById("said").textContent += e.data + "\n"; });</script>
HTML
  } >frame.html
  browse "$folder/frame.html" --window-size=2700,3100 >dom
  [[ $(grep -c 'all fits' dom) == 3 ]] || fail "$1:" "$(sed -n '/<pre id="said">/,/<\/pre>/p' dom)"
  if command -v tidy >/dev/null && [[ $(tidy --version) == *5.* ]]; then
    # 1: warnings.
    tidy -q -e --drop-empty-elements no --gnu-emacs yes "$1" >valid 2>&1 || fail "$1: HTML" "$(head valid)"
  fi
}

"$nabla" train --data.digits-train=600 --data.digits-test=100 --network.hidden=12,8 \
  --network.activation=relu,sigmoid -e 3 -o run -q >/dev/null
"$nabla" report run >/dev/null
check_page "$folder/run/report.html"

for ((i = 0; i < 60; ++i)); do
  echo "0.0$((i % 10)),$((i % 7)),0.$((i % 9 + 1))"
done >table.csv
"$nabla" train --data.source=csv --data.train=table.csv --data.validation=0.3 -e 3 -o values -q \
  --train.learning-rate=0.01 >/dev/null
"$nabla" report values >/dev/null
check_page "$folder/values/report.html"

"$nabla" crossval run/config.ini -e 1 -o folds -q >/dev/null
"$nabla" report folds >/dev/null
check_page "$folder/folds/report.html"

# A scaling study of several batch sizes on more threads than there may be cores.
"$nabla" scale run/config.ini --scale.threads=1,2,4 --scale.batch-sizes=10,100 --scale.seconds=0.1 \
  -o study -q >/dev/null
"$nabla" report study >/dev/null
check_page "$folder/study/report.html"

# A sweep, with names that are markup.
mkdir -p sweep
{
  echo 'trial,network.hidden,train.learning-rate,status,validation_accuracy,test_accuracy,seconds'
  for ((i = 1; i <= 12; ++i)); do
    echo "$i,\"$((i % 3 * 10 + 10)),<script>alert(1)</script>\",0.$((i % 4 + 1)),completed,0.9$i,0.8$i,$i"
  done
} >sweep/trials.csv
mv run sweep/trial-003
"$nabla" report sweep >/dev/null
check_page "$folder/sweep/report.html"
