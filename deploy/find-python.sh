#!/bin/sh
# Prints the newest Python from 3.11 to 3.13 that starts and can make a virtual environment; says in one sentence what to install otherwise.
found=""
for name in python3.13 python3.12 python3.11 python3 python; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        found="$name"
        if "$name" -c 'import venv, ensurepip' 2>/dev/null; then
            echo "$name"
            exit 0
        fi
    fi
done
if [ -n "$found" ]; then
    echo "$found 缺少 venv 模块，请先安装：例如 Debian/Ubuntu 上运行 apt install $("$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')，然后再试。" >&2
else
    echo "没有找到 Python 3.11、3.12 或 3.13，请先安装其中之一（例如 Debian/Ubuntu 上运行 apt install python3 python3-venv），然后再试。" >&2
fi
exit 1
