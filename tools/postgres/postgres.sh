# shellcheck shell=bash
# The stack's own PostgreSQL cluster: made once, started, stopped, killed, and
# filled with database, roles and schemas. Sourced by tools/stack, which gives
# it its folders, say, die, free_port and until_true. It never touches a cluster
# that it did not make. DATABASE_URL names another cluster, used for SQL only.

pg_home=$run_dir/postgres
pg_data=$pg_home/data
pg_log=$pg_home/postgres.log
pg_database=inservice

pg_bin()
{
    local dir
    for dir in "$(pg_config --bindir 2>/dev/null || true)" \
        $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
        if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then
            echo "$dir"
            return 0
        fi
    done
    die "no PostgreSQL server here: run tools/deps"
}

# initdb and postgres refuse root. The lock of the stack must not stay open in
# the processes started here, so its descriptor is closed.
as_postgres()
{
    local bin
    bin=$(pg_bin)
    if [ "$(id -u)" -ne 0 ]; then
        (cd / && exec "$bin/$1" "${@:2}") 9>&-
        return
    fi
    (cd / && exec setpriv --reuid=postgres --regid=postgres --clear-groups \
        --inh-caps=-all --no-new-privs env -i PATH=/usr/bin:/bin LC_ALL=C.UTF-8 \
        "$bin/$1" "${@:2}") 9>&-
}

pg_is_own()
{
    [ -z "${DATABASE_URL:-}" ]
}

pg_pid()
{
    local pid
    pid=$(head -n 1 "$pg_data/postmaster.pid" 2>/dev/null) || return 1
    runs_with "$pid" "$pg_data" && echo "$pid"
}

pg_answers()
{
    PGCONNECT_TIMEOUT=2 "$(pg_bin)/pg_isready" -q -t 2 -h 127.0.0.1 \
        -p "$(port_of postgres)"
}

pg_make_cluster()
{
    local password_file=$pg_home/password
    say "postgres: making a cluster in $pg_data"
    mkdir -p "$pg_home"
    chmod 700 "$pg_home"
    secret_of postgres >"$password_file"
    chmod 600 "$password_file"
    if [ "$(id -u)" -eq 0 ]; then
        id postgres >/dev/null 2>&1 || die "as root a user 'postgres' is needed"
        chown -R postgres:postgres "$pg_home"
    fi
    as_postgres initdb -D "$pg_data" --username=postgres --encoding=UTF8 \
        --locale=C.UTF-8 --auth=scram-sha-256 --data-checksums --no-sync \
        --pwfile="$password_file" >"$stack_dir/initdb.log" 2>&1 ||
        die "initdb failed, see $stack_dir/initdb.log"
    rm -f "$password_file"
    cat "$root/tools/postgres/postgresql.conf" >>"$pg_data/postgresql.conf"
    pg_secure_cluster
    touch "$pg_home/made"
}

# The parent of a killed server may be gone while its children still hold the
# shared memory, and a port may be taken since: both pass with another try.
pg_start()
{
    local try
    pg_is_own || return 0
    if pg_pid >/dev/null && pg_answers; then
        return 0
    fi
    if [ ! -e "$pg_home/made" ]; then
        rm -rf "$pg_home"
        pg_make_cluster
    fi
    for try in $(seq 1 20); do
        if [ "$try" -gt 1 ] || [ -z "$(port_of postgres)" ]; then
            port_is_free "$(port_of postgres)" || set_port postgres "$(free_port)"
        fi
        if as_postgres pg_ctl -D "$pg_data" -l "$pg_log" -s -w -t 120 \
            -o "-p $(port_of postgres)" start >"$stack_dir/pg_ctl.log" 2>&1; then
            say "postgres: up on 127.0.0.1:$(port_of postgres)"
            return 0
        fi
        pause
    done
    tail -n 20 "$pg_log" >&2
    die "postgres does not start, see $pg_log"
}

pg_stop()
{
    local pid
    pg_is_own || return 0
    pid=$(pg_pid) || return 0
    as_postgres pg_ctl -D "$pg_data" -s -w -t "${2:-30}" -m "${1:-fast}" stop \
        >/dev/null 2>&1 || kill_hard "$pid"
    say "postgres: stopped"
}

pg_kill()
{
    local pid
    pid=$(pg_pid) || die "postgres does not run"
    kill_hard "$pid"
}

# Connection of the administrator, as PG… variables: an address on the command
# line would show its password in the process list.
pg_admin_env()
{
    local url=${DATABASE_URL:-} host
    if pg_is_own; then
        export PGHOST=127.0.0.1 PGUSER=postgres PGDATABASE=postgres
        PGPORT=$(port_of postgres) PGPASSWORD=$(secret_of postgres)
        export PGPORT PGPASSWORD
        pg_secure_env
        return 0
    fi
    [[ $url =~ ^postgres(ql)?://([^:@/]*)(:([^@/]*))?@([^/?]+)(/([^?]*))?(\?(.*))?$ ]] ||
        die "DATABASE_URL must be postgresql://USER[:PASSWORD]@HOST[:PORT][/DATABASE][?sslmode=…]"
    PGUSER=$(url_decode "${BASH_REMATCH[2]}")
    PGPASSWORD=$(url_decode "${BASH_REMATCH[4]}")
    host=${BASH_REMATCH[5]}
    PGDATABASE=$(url_decode "${BASH_REMATCH[7]:-postgres}")
    PGHOST=${host%:*} PGPORT=5432
    [ "$host" = "$PGHOST" ] || PGPORT=${host##*:}
    [[ ! ${BASH_REMATCH[9]} =~ sslmode=([a-z-]+) ]] ||
        export PGSSLMODE=${BASH_REMATCH[1]}
    [[ ! $url =~ [?\&]sslrootcert=([^\&]+) ]] ||
        PGSSLROOTCERT=$(url_decode "${BASH_REMATCH[1]}")
    [ -z "${PGSSLROOTCERT:-}" ] || export PGSSLROOTCERT
    export PGUSER PGPASSWORD PGHOST PGPORT PGDATABASE
}

url_decode()
{
    printf '%b' "${1//%/\\x}"
}

url_encode()
{
    local LC_ALL=C text=$1 out= i letter code
    for ((i = 0; i < ${#text}; i++)); do
        letter=${text:i:1}
        if [[ $letter != [a-zA-Z0-9._~-] ]]; then
            printf -v code %d "'$letter"
            printf -v letter '%%%02X' $((code & 255))
        fi
        out+=$letter
    done
    echo "$out"
}

pg_sql()
{
    "$(pg_bin)/psql" -X -q -A -t -v ON_ERROR_STOP=1 "$@"
}

# Roles belong to the whole server. Those of another installation would get
# passwords that it does not know.
pg_check_roles()
{
    pg_is_own && return 0
    [ -s "$stack_dir/secret/account" ] && return 0
    [ -z "$(pg_sql -c "SELECT 1 FROM pg_roles WHERE rolname = 'inservice_account'")" ] ||
        die "the server of DATABASE_URL has the roles of another installation: use a server of its own, or copy that installation's $(basename "$stack_dir")/secret to $stack_dir first"
}

# Runs in a subshell: the administrator's variables stay there.
pg_fill()
(
    local service
    pg_admin_env
    pg_check_roles
    if [ -z "$(pg_sql -c "SELECT 1 FROM pg_database WHERE datname = '$pg_database'")" ]; then
        pg_sql -c "CREATE DATABASE $pg_database TEMPLATE template0 ENCODING 'UTF8'
            LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
    fi
    # The roles of the services do not need the other databases.
    ! pg_is_own || pg_sql -c 'REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC'
    export PGDATABASE=$pg_database
    pg_sql -f "$root/deploy/postgres/schemas.sql" >/dev/null
    for service in $services; do
        OWNER_PASSWORD=$(secret_of "${service}_owner") \
            RUNTIME_PASSWORD=$(secret_of "$service") \
            pg_sql -v service="$service" -f "$root/tools/postgres/passwords.sql" >/dev/null
    done
    say "postgres: database $pg_database, schemas and roles of $services"
)

# Only in our own cluster: another one is never emptied.
pg_empty()
(
    pg_admin_env
    pg_sql -c "DROP DATABASE IF EXISTS $pg_database WITH (FORCE)"
    say "postgres: emptied"
)

# The address of a role, for the env file.
pg_url()
{
    local place options=
    pg_admin_env
    place=$PGHOST:$PGPORT/$pg_database
    [ -z "${PGSSLMODE:-}" ] || options="?sslmode=$PGSSLMODE"
    [ -z "${PGSSLROOTCERT:-}" ] || options="$options&sslrootcert=$(url_encode "$PGSSLROOTCERT")"
    echo "postgresql://$(url_encode "$1"):$(url_encode "$2")@$place$options"
}

pg_env()
(
    local service name
    pg_admin_env
    printf 'ADMIN_DATABASE_URL=%q\n' "$(pg_url "$PGUSER" "$PGPASSWORD")"
    for service in $services; do
        name=${service^^}
        printf '%s_DATABASE_URL=%q\n' "$name" \
            "$(pg_url "inservice_$service" "$(secret_of "$service")")"
        printf '%s_OWNER_DATABASE_URL=%q\n' "$name" "$(pg_url "inservice_${service}_owner" \
            "$(secret_of "${service}_owner")")"
    done
)
