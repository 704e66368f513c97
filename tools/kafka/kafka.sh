# shellcheck shell=bash
# The stack's own Apache Kafka: jars by Maven, checked by digest, one KRaft
# node. Without Java or jars, or with STACK_KAFKA=embedded, tools/mockbroker is
# used instead, with a loud warning. Sourced by tools/stack, as postgres.sh is.
# KAFKA_BOOTSTRAP names another broker; only topics are made there.

kafka_version=4.3.0
kafka_home=$run_dir/kafka
kafka_log=$kafka_home/kafka.log
kafka_pid_file=$kafka_home/pid
kafka_address_file=$stack_dir/kafka.address
kafka_jars=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/inservice/kafka-$kafka_version

# The env file exports KAFKA_BOOTSTRAP, too: an address we had means our own.
if [ -n "${KAFKA_BOOTSTRAP:-}" ] &&
    grep -qsxF "$KAFKA_BOOTSTRAP" "$stack_dir/kafka.addresses"; then
    unset KAFKA_BOOTSTRAP
fi

kafka_is_own()
{
    [ -z "${KAFKA_BOOTSTRAP:-}" ]
}

kafka_kind()
{
    if kafka_is_own; then
        cat "$stack_dir/kafka.kind" 2>/dev/null || echo real
    else
        echo real
    fi
}

kafka_address()
{
    if kafka_is_own; then
        cat "$kafka_address_file"
    else
        echo "$KAFKA_BOOTSTRAP"
    fi
}

kafka_pid()
{
    local pid
    pid=$(cat "$kafka_pid_file" 2>/dev/null) || return 1
    runs_with "$pid" "$stack_id" && echo "$pid"
}

kafka_jars_good()
{
    (cd "$1" 2>/dev/null && sha256sum --quiet -c "$root/tools/kafka/jars.sha256" \
        >/dev/null 2>&1)
}

# With the user's own repository. If that fails (a home that cannot be written,
# a damaged repository), with a temporary one.
kafka_copy_jars()
{
    local copy=(mvn -q -B -C -f "$root/tools/kafka/pom.xml"
        dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$1")
    "${copy[@]}" >"$stack_dir/mvn.log" 2>&1 && return 0
    rm -rf "$1"
    "${copy[@]}" -Dmaven.repo.local="$1.m2" >>"$stack_dir/mvn.log" 2>&1 || return 1
    rm -rf "$1.m2"
}

# One at a time: several stacks may want them at once.
kafka_get_jars()
(
    local fresh=$kafka_jars.new
    kafka_jars_good "$kafka_jars" && return 0
    command -v mvn >/dev/null || return 1
    mkdir -p "${kafka_jars%/*}"
    exec 8>"$kafka_jars.lock"
    flock -w 600 8 || return 1
    kafka_jars_good "$kafka_jars" && return 0
    say "kafka: getting Apache Kafka $kafka_version (44 MB, once)"
    rm -rf "$fresh" "$kafka_jars"
    kafka_copy_jars "$fresh" && kafka_jars_good "$fresh" && mv "$fresh" "$kafka_jars"
)

kafka_java_good()
{
    local version
    version=$(java -version 2>&1 | sed -n '1s/.*version "\([0-9]*\).*/\1/p') || return 1
    [ "${version:-0}" -ge 17 ]
}

# Decides once for a stack: its data would not fit the other kind.
kafka_choose_kind()
{
    local why=
    [ ! -e "$stack_dir/kafka.kind" ] || return 0
    if [ "${STACK_KAFKA:-}" = embedded ]; then
        why="STACK_KAFKA=embedded asks for it"
    elif ! kafka_java_good; then
        why="there is no Java 17 or newer here"
    elif ! kafka_get_jars; then
        why="Kafka's jars can not be had ($stack_dir/mvn.log)"
    fi
    if [ -z "$why" ]; then
        echo real >"$stack_dir/kafka.kind"
        return 0
    fi
    [ "${STACK_KAFKA:-}" != real ] || die "no real Kafka: $why"
    echo "$why" >"$stack_dir/kafka.why"
    echo embedded >"$stack_dir/kafka.kind"
}

kafka_warn_embedded()
{
    cat >&2 <<END
**********************************************************************
*  NO REAL KAFKA: an embedded stand-in is running instead, because
*  $(cat "$stack_dir/kafka.why").
*  It keeps records in memory only, drops old ones and compacts
*  nothing. Good enough for a demonstration. Nothing seen here says
*  anything about durability or speed.
**********************************************************************
END
}

kafka_write_properties()
{
    sed -e "s|@PORT@|$(port_of kafka)|g" \
        -e "s|@CONTROLLER_PORT@|$(port_of controller)|g" \
        -e "s|@DATA@|$kafka_home/data|g" \
        "$root/tools/kafka/server.properties" >"$kafka_home/server.properties"
    kafka_secure_properties
}

kafka_java()
{
    # In its own session, so that it outlives the script. The stack's id marks
    # the process as ours, see kafka_pid. No fork here: the caller keeps its $!.
    exec setsid java -Dstack="$stack_id" -XX:+ExitOnOutOfMemoryError \
        -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
        -Dorg.slf4j.simpleLogger.showDateTime=true \
        -Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS \
        "$@"
}

kafka_format()
{
    local id users
    [ ! -e "$kafka_home/formatted" ] || return 0
    rm -rf "$kafka_home/data"
    mapfile -t users < <(kafka_scram)
    id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB' | cut -c 1-22)
    (kafka_java -Xmx128m -XX:TieredStopAtLevel=1 -cp "$kafka_jars/*" \
        kafka.tools.StorageTool format -t "$id" "${users[@]}" \
        -c "$kafka_home/server.properties") \
        >"$kafka_log" 2>&1 || die "formatting Kafka's storage failed, see $kafka_log"
    touch "$kafka_home/formatted"
}

kafka_launch_real()
{
    local name
    kafka_get_jars || die "Kafka's jars are gone, see $stack_dir/mvn.log"
    for name in kafka controller; do
        if [ -z "$(port_of $name)" ] || ! port_is_free "$(port_of $name)"; then
            set_port $name "$(free_port)"
        fi
    done
    kafka_write_properties
    kafka_format
    (kafka_java -Xms256m -Xmx512m -cp "$kafka_jars/*" kafka.Kafka \
        "$kafka_home/server.properties") >>"$kafka_log" 2>&1 </dev/null 9>&- &
    echo $! >"$kafka_pid_file"
    echo "127.0.0.1:$(port_of kafka)" >"$kafka_address_file"
}

kafka_launch_embedded()
{
    kafka_warn_embedded
    [ ! -e "$kafka_home/names" ] ||
        say "warning: the records of the stand-in that ran before are gone: tools/stack reset"
    rm -f "$kafka_address_file"
    kafka_topics --list | cut -d " " -f 1 >"$kafka_home/names"
    (exec setsid "$stack_dir/bin/mockbroker-$stack_id" "$kafka_address_file" \
        "$(lanes_of_stack)") <"$kafka_home/names" >>"$kafka_log" 2>&1 9>&- &
    echo $! >"$kafka_pid_file"
}

# Between fork and exec the new process does not look like ours yet.
kafka_forked()
{
    kafka_pid >/dev/null || gone "$(cat "$kafka_pid_file")"
}

# Starts it and returns at once; kafka_wait waits for the topics.
kafka_launch()
{
    kafka_is_own || return 0
    kafka_pid >/dev/null && return 0
    mkdir -p "$kafka_home"
    chmod 700 "$kafka_home"
    kafka_choose_kind
    "kafka_launch_$(kafka_kind)"
    until_true 10 kafka_forked || true
}

kafka_may_answer()
{
    [ -s "$kafka_address_file" ] || ! kafka_pid >/dev/null
}

# Tries again while the broker runs and time is left. Two starts at once may
# have picked one port: then ours dies at once and gets other ports.
kafka_wait()
{
    local verb=--create try
    [ "$(kafka_kind)" = real ] || verb=--ready
    for try in 1 2 3 4 5; do
        ! kafka_is_own || until_true 30 kafka_may_answer || true
        until_topics "$verb" && break
        if ! kafka_is_own || kafka_pid >/dev/null || [ "$try" -eq 5 ]; then
            cat "$stack_dir/topics.log" >&2
            die "kafka is not ready, see $kafka_log"
        fi
        kafka_launch
    done
    ! kafka_is_own || kafka_address >>"$stack_dir/kafka.addresses"
    say "kafka: up on $(kafka_address) ($(kafka_kind)), topics are there"
}

kafka_topics()
{
    local -x INSERVICE_LANES
    INSERVICE_LANES=$(lanes_of_stack)
    as_kafka_admin "$stack_dir/bin/topics" "$@"
}

# topics ends with 3 if waiting cannot help.
until_topics()
{
    local end=$((SECONDS + 120)) status=0
    while true; do
        kafka_topics "$1" "$(kafka_address)" 2 >"$stack_dir/topics.log" 2>&1 &&
            return 0
        status=$?
        [ "$status" -eq 1 ] && [ "$SECONDS" -lt "$end" ] || return 1
        ! kafka_is_own || kafka_pid >/dev/null || return 1
    done
}

kafka_stop()
{
    local pid
    kafka_is_own || return 0
    pid=$(kafka_pid) || return 0
    kill -TERM "$pid" 2>/dev/null || true
    kill -CONT "$pid" 2>/dev/null || true
    until_true "${1:-30}" gone "$pid" || kill_hard "$pid"
    rm -f "$kafka_pid_file"
    say "kafka: stopped"
}

kafka_kill()
{
    local pid
    pid=$(kafka_pid) || die "kafka does not run"
    kill_hard "$pid"
}

# Its records are thrown away, so a hard end loses nothing.
kafka_empty()
{
    local pid
    if pid=$(kafka_pid); then
        kill_hard "$pid"
    fi
    rm -rf "$kafka_home" "$stack_dir/kafka.kind"
    say "kafka: emptied"
}
