#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How well notes drawn into pictures are read.  BUILD is the build folder.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
build=${BUILD:-$root/build/dev}
exec "$build/bench/bench_ocr" "$build/src/worker/xsheet-worker" "${XSHEET_DATA:-$root/../shared/data}/examine/ocr_synth"
