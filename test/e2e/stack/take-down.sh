#!/bin/sh
# take-down.sh DIRECTORY [PID]
#
# Stops what was started in the private directory of an end-to-end run and removes the directory. With PID, waits
# until that process is gone and then does so: the run starts it that way beside itself, so that the daemons end
# also where the run is killed before it can clean up.
#
# Each file in DIRECTORY/pids holds a process id. A process is only stopped while it has a file of the directory
# open (each daemon's output goes there), so that an id that the system has given to somebody else meanwhile is left
# alone. The command line would not tell: amavisd writes its own.

directory=$1
case $directory in
    */mlmmj-amime-e2e-*) ;;
    *) echo "take-down.sh: $directory is not the directory of an end-to-end run" >&2; exit 64 ;;
esac

if [ -n "$2" ]; then
    while kill -0 "$2" 2>/dev/null && [ -d "$directory" ]; do sleep 1; done
fi
[ -d "$directory" ] || exit 0

ours() { ls -l "/proc/$1/fd" 2>/dev/null | grep -qF " $directory/"; }

for main in "$directory"/*/postfix/main.cf; do
    [ -f "$main" ] && postfix -c "${main%/main.cf}" stop 2>/dev/null
done

for round in TERM TERM KILL; do
    left=
    for file in "$directory"/pids/*; do
        [ -f "$file" ] || continue
        pid=$(cat "$file")
        if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && ours "$pid"; then
            kill -s "$round" "$pid" 2>/dev/null
            left=yes
        fi
    done
    [ -n "$left" ] || break
    for wait in 1 2 3 4 5 6 7 8 9 10; do
        alive=
        for file in "$directory"/pids/*; do
            [ -f "$file" ] || continue
            pid=$(cat "$file")
            kill -0 "$pid" 2>/dev/null && ours "$pid" && alive=yes
        done
        [ -n "$alive" ] || break
        sleep 0.5
    done
done

# A spool on a file system of its own (the full disk) must be let go before the directory can be removed.
grep -F " $directory/" /proc/mounts | cut -d ' ' -f 2 | while read -r mount; do umount -l "$mount"; done

# mariadb-install-db may still be writing when the run ends early: it notices soon that its files are gone.
for attempt in 1 2 3 4 5; do
    rm -rf "$directory" 2>/dev/null && break
    sleep 1
done
