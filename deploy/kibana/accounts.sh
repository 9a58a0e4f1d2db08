#!/bin/sh
# Sets the password of Kibana's own account and makes our three accounts; may run again at any time. Passwords go by standard input, never as arguments.
set -eu

ask() {  # method path body
    printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD" > "$secret"
    printf '%s' "$3" | curl --silent --show-error --fail --cacert "$CA_FILE" --config "$secret" --request "$1" --header 'Content-Type: application/json' \
        --data-binary @- --output /dev/null "$ELASTIC_URL$2"
}

umask 077
secret=$(mktemp)
trap 'rm -f "$secret"' EXIT
ask POST /_security/user/kibana_system/_password "{\"password\":\"$KIBANA_SYSTEM_PASSWORD\"}"
ask PUT /_security/user/qb_setup "{\"password\":\"$QINGBAO_SETUP_PASSWORD\",\"roles\":[\"qingbao_setup\",\"qingbao_run\"],\"full_name\":\"情报系统：建立索引\"}"
ask PUT /_security/user/qb_run "{\"password\":\"$QINGBAO_RUN_PASSWORD\",\"roles\":[\"qingbao_run\"],\"full_name\":\"情报系统：每晚运行\"}"
ask PUT /_security/user/qb_staff "{\"password\":\"$QINGBAO_STAFF_PASSWORD\",\"roles\":[\"qingbao_staff\",\"qingbao_kibana\"],\"full_name\":\"招商局\"}"
echo "账号已建立：qb_setup、qb_run、qb_staff。"
