# shellcheck shell=bash
# A stack with STACK_SECURE=1: PostgreSQL and Kafka only over TLS, with an
# authority of the stack's own; at the broker a user for each service, with the
# rights that its program names and no others. Decided when the stack is made.
# Sourced by tools/stack.

tls_dir=$stack_dir/tls
secure_users="admin $services course"

# The course system is not ours; docs/kafka-acl.md says what it needs.
course_rights="read inservice.account.event.v1
read inservice.course.event.v1
write inservice.course.event.v1
group course"

is_secure()
{
    [ -e "$tls_dir/ca.pem" ]
}

# tls_certificate NAME: a key and a certificate, for this machine.
tls_certificate()
{
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 \
        -keyout "$tls_dir/$1.key" -subj "/CN=$1" -out "$tls_dir/$1.csr"
    openssl x509 -req -in "$tls_dir/$1.csr" -sha256 -days 30 \
        -CA "$tls_dir/ca.new" -CAkey "$tls_dir/ca.key" -CAcreateserial \
        -extfile <(echo "subjectAltName=IP:127.0.0.1,DNS:localhost") -out "$tls_dir/$1.pem"
    rm "$tls_dir/$1.csr"
}

secure_choose()
{
    local user
    [ "${STACK_SECURE:-}" = 1 ] && ! is_secure || return 0
    [ ! -e "$stack_dir/kafka.kind" ] || die "$stack_dir was made without STACK_SECURE=1: destroy it first"
    pg_is_own && kafka_is_own || die "STACK_SECURE=1 is for own servers only"
    mkdir -p "$tls_dir"
    {
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -sha256 \
            -days 30 -subj "/CN=authority of $stack_id" -keyout "$tls_dir/ca.key" \
            -out "$tls_dir/ca.new"
        for user in server $secure_users; do
            tls_certificate "$user"
        done
    } >"$tls_dir/log" 2>&1 || die "no certificate, see $tls_dir/log"
    cat "$tls_dir/server.key" "$tls_dir/server.pem" >"$tls_dir/server.both.pem"
    mv "$tls_dir/ca.new" "$tls_dir/ca.pem"
}

# --- PostgreSQL -----------------------------------------------------------------
pg_secure_cluster()
{
    is_secure || return 0
    cp "$tls_dir/server.pem" "$tls_dir/server.key" "$pg_home/"
    [ "$(id -u)" -ne 0 ] || chown postgres:postgres "$pg_home"/server.*
    printf '%s\n' "ssl = on" "ssl_cert_file = '$pg_home/server.pem'" \
        "ssl_key_file = '$pg_home/server.key'" >>"$pg_data/postgresql.conf"
    echo "hostssl all all 127.0.0.1/32 scram-sha-256" >"$pg_data/pg_hba.conf"
}

pg_secure_env()
{
    ! is_secure || export PGSSLMODE=verify-full PGSSLROOTCERT=$tls_dir/ca.pem
}

# --- Kafka ----------------------------------------------------------------------
kafka_secure_properties()
{
    local user passwords=
    is_secure || return 0
    if [ -z "$(port_of kafka-certificate)" ] || ! port_is_free "$(port_of kafka-certificate)"; then
        set_port kafka-certificate "$(free_port)"
    fi
    for user in $secure_users; do
        passwords+=" user_$user=\"$(secret_of "kafka-$user")\""
    done
    {
        sed -e "s|@PORT@|$(port_of kafka)|g" -e "s|@TLS@|$tls_dir|g" \
            -e "s|@CERTIFICATE_PORT@|$(port_of kafka-certificate)|g" \
            -e "s|@CONTROLLER_PORT@|$(port_of controller)|g" \
            "$root/tools/kafka/secure.properties"
        echo "listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required$passwords;"
    } >>"$kafka_home/server.properties"
    kafka_write_security
}

# What a client of the broker reads. Debian 12's librdkafka cannot sign in to
# Kafka 4 by SCRAM; PLAIN sends the password inside TLS.
kafka_write_security()
{
    local user
    for user in $secure_users; do
        cat >"$stack_dir/secret/kafka-$user.conf" <<END
security.protocol=sasl_ssl
sasl.mechanism=PLAIN
sasl.username=$user
sasl.password=$(secret_of "kafka-$user")
ssl.ca.location=$tls_dir/ca.pem
END
        cat >"$stack_dir/secret/kafka-$user-certificate.conf" <<END
security.protocol=ssl
ssl.ca.location=$tls_dir/ca.pem
ssl.certificate.location=$tls_dir/$user.pem
ssl.key.location=$tls_dir/$user.key
END
    done
}

# The administrator has a SCRAM password, too; it is made with the storage. The
# argument has it salted, because a list of processes shows arguments.
kafka_scram()
{
    is_secure || return 0
    echo --add-scram
    PASSWORD=$(secret_of kafka-admin) python3 - <<'END'
import base64, hashlib, os
salt = os.urandom(24)
salted = hashlib.pbkdf2_hmac("sha256", os.environ["PASSWORD"].encode(), salt, 8192)
print("SCRAM-SHA-256=[name=admin,salt=\"%s\",saltedpassword=\"%s\",iterations=8192]" %
      tuple(base64.b64encode(b).decode() for b in (salt, salted)))
END
}

# As the administrator of a secure broker; of another one, as KAFKA_SECURITY says.
as_kafka_admin()
{
    if is_secure; then
        local -x KAFKA_SECURITY=$stack_dir/secret/kafka-admin.conf
    fi
    "$@"
}

# The programs name the rights of the services.
kafka_grant()
{
    local name programs=${BIN:-$root/build/release/bin}
    is_secure || return 0
    for name in $services; do
        [ -x "$programs/$name" ] || die "the rights at the broker need $programs/$name: make build"
        ASAN_OPTIONS=detect_leaks=0 "$programs/$name" topics | kafka_rights "$name"
    done
    kafka_rights course <<<"$course_rights"
    say "kafka: rights of $services course"
}

kafka_rights()
{
    as_kafka_admin "$stack_dir/bin/rights" --grant "User:$1" "$(kafka_address)" 60
}

# The account service is known by its password, the others by certificates.
secure_env()
{
    local user kind
    is_secure || return 0
    for user in $secure_users; do
        kind=
        case $user in
        teacher | gateway)
            kind=-certificate
            echo "${user^^}_KAFKA_BOOTSTRAP=127.0.0.1:$(port_of kafka-certificate)"
            ;;
        esac
        printf '%s_KAFKA_SECURITY=%q\n' "${user^^}" "$stack_dir/secret/kafka-$user$kind.conf"
    done
    printf 'TLS_DIR=%q\n' "$tls_dir"
}
