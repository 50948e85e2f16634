# What the scripts share; sourced, never run. Every script works from any folder and changes into the checkout's root.
# shellcheck shell=bash

set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
export PATH="$root/.tools/node/bin:$PATH"
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}

say() { printf '%s\n' "$*"; }
die() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# seconds_since START: seconds with one decimal; START is a value of $EPOCHREALTIME.
seconds_since() {
  local tenths=$(((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}

# step TITLE COMMAND...: says what runs and how long it took; keeps the command's exit code. The command runs as a child
# that an interrupt can reach (see stop_children), so it cannot set variables of the script.
step() {
  local title=$1 start=$EPOCHREALTIME code=0
  shift
  say "== $title"
  "$@" &
  wait_for $! || code=$?
  if ((code == 0)); then
    say "-- $title: $(seconds_since "$start") s"
  else
    say "-- $title: FAILED with exit code $code after $(seconds_since "$start") s"
  fi
  return "$code"
}

# list_failures FILE: what failed, a line each; nothing when FILE is empty.
list_failures() {
  [[ ! -s $1 ]] || { say "Failed:" && sed 's/^/  /' "$1"; }
}

# Processes that this script started and has to stop.
children=()

# wait_for PID: its exit code. `wait` lets a trapped signal through at once, which a command in the foreground does not.
wait_for() {
  local code=0
  children+=("$1")
  wait "$1" || code=$?
  unset 'children[-1]'
  return "$code"
}

# stop_children: SIGTERM to every child and all below it, by their pids, then SIGKILL after ten seconds.
stop_children() {
  local pid waited=0 victims=()
  for pid in "${children[@]}"; do
    mapfile -t -O "${#victims[@]}" victims < <(descendants "$pid")
  done
  children=()
  ((${#victims[@]})) || return 0
  kill -TERM "${victims[@]}" 2>/dev/null || true
  while ((waited < 100)) && kill -0 "${victims[@]}" 2>/dev/null; do
    sleep 0.1
    waited=$((waited + 1))
  done
  kill -KILL "${victims[@]}" 2>/dev/null || true
}

# descendants PID: PID, when it is alive, and every process below it, one a line, children before parents.
descendants() {
  local child
  [[ -d /proc/$1 ]] || return 0
  while read -r child; do
    descendants "$child"
  done < <(cat "/proc/$1/task/"*/children 2>/dev/null | tr ' ' '\n' | grep -v '^$' || true)
  printf '%s\n' "$1"
}

# stop_children_on_exit: call once; makes SIGINT, SIGTERM, SIGHUP and every exit stop the children.
stop_children_on_exit() {
  trap 'stop_children' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
}

# is_port_taken PORT: whether something on this machine listens there.
is_port_taken() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}
