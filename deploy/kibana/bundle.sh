#!/bin/sh
# Makes the space and the staff's role in Kibana and imports the bundle, if it lies beside this file; may run again at any time.
set -eu
here=$(dirname "$0")

ask() {  # curl's own words…; prints the status, the body goes to $body
    curl --silent --show-error --cacert "$CA_FILE" --config "$secret" --header 'kbn-xsrf: qingbao' --output "$body" --write-out '%{http_code}' "$@"
}

fail() {
    echo "$1（HTTP $2）：$(head -c 2000 "$body")" >&2
    exit 1
}

umask 077
secret=$(mktemp)
body=$(mktemp)
trap 'rm -f "$secret" "$body"' EXIT
printf 'user = "elastic:%s"\n' "$ELASTIC_PASSWORD" > "$secret"

code=$(ask --request POST --header 'Content-Type: application/json' --data-binary "{\"id\":\"$SPACE\",\"name\":\"招商情报\"}" "$KIBANA_URL/api/spaces/space")
case $code in 2*|409) ;; *) fail "空间 $SPACE 没有建立" "$code" ;; esac

# Staff look and search in the space; they change nothing of it. What they may read in Elasticsearch is said by the role qingbao_staff.
code=$(ask --request PUT --header 'Content-Type: application/json' \
    --data-binary "{\"elasticsearch\":{},\"kibana\":[{\"base\":[\"read\"],\"spaces\":[\"$SPACE\"]}]}" "$KIBANA_URL/api/security/role/qingbao_kibana")
case $code in 2*) ;; *) fail "角色 qingbao_kibana 没有建立" "$code" ;; esac

if [ ! -f "$here/qingbao.ndjson" ]; then
    echo "没有 deploy/kibana/qingbao.ndjson：请用 qingbao kibana export 写出后再运行，或用 qingbao kibana import。"
    exit 0
fi
code=$(ask --request POST --form "file=@$here/qingbao.ndjson;filename=qingbao.ndjson;type=application/ndjson" \
    "$KIBANA_URL/s/$SPACE/api/saved_objects/_import?overwrite=true")
case $code in 200) ;; *) fail "导入没有成功" "$code" ;; esac
# 200 is not success: the body says whether it was.
if ! grep -q '"success": *true' "$body"; then
    sed -i 's/.*"errors":/"errors":/' "$body"
    fail "导入没有成功" "$code"
fi
echo "仪表板已导入空间 $SPACE。"
