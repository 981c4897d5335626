#!/bin/sh
# Installs 一诺 from this folder. Needs Python and its venv module, and no network.
#
#     sh install.sh [--prefix /opt/yinuo] [--python /usr/bin/python3.11]
#
# The version goes into a folder of its own; `current` points to the one in use, so the version
# before stays for going back. Nothing outside the prefix is touched, and no data at all.
set -eu
umask 022  # the service's own user has to read what root installs

here=$(cd "$(dirname "$0")" && pwd)
prefix=/opt/yinuo
python=

fail() {
    printf '✗ %s\n→ %s\n' "$1" "$2" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
        --prefix) prefix=$2; shift 2 ;;
        --python) python=$2; shift 2 ;;
        *) fail "不认识 $1" '用法：sh install.sh [--prefix /opt/yinuo] [--python /usr/bin/python3.11]' ;;
    esac
done

. "$here/bundle.env"

(cd "$here" && sha256sum --check --quiet SHA256SUMS >&2) ||
    fail '安装包里有文件不是原来的' '请重新拷贝安装包，并与发布者给的 SHA256SUMS 的哈希核对'

fits() {
    [ "$("$1" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$PYTHON" ]
}

if [ -z "$python" ]; then
    for found in "python$PYTHON" python3 /usr/local/bin/python3; do
        if fits "$found"; then python=$found; break; fi
    done
fi
[ -n "$python" ] && fits "$python" ||
    fail "没有找到 Python $PYTHON，安装包里的程序库是为它准备的" \
         "请先从系统的软件源安装 python$PYTHON（含 venv），或用 --python 指明它在哪里"
[ "$(uname -m)" = "$MACHINE" ] ||
    fail "这台机器是 $(uname -m)，安装包是为 $MACHINE 准备的" '请换用为这种机器做的安装包'

target=$prefix/$VERSION
[ ! -e "$target/complete" ] ||
    fail "$target 已经存在" '这个版本已经装好；要重装，请先移走这个文件夹'

# What a run before this one left unfinished is in nobody's use: `current` is set last.
rm -rf "$target"
mkdir -p "$prefix"
trap '[ -e "$target/complete" ] || rm -rf "$target"' EXIT
"$python" -m venv "$target" >/dev/null ||
    fail "$python 不能建立运行环境" "请安装 python$PYTHON-venv（Debian、麒麟、统信）或完整的 python$PYTHON"
"$target/bin/python" -m pip --isolated --disable-pip-version-check install --quiet \
    --no-index --no-deps --find-links "$here/wheels" --require-hashes \
    --requirement "$here/wheels.lock" ||
    fail '程序库没有装上' '请看上面的原因；安装包可能不是为这个系统做的'
"$target/bin/yinuo" --version >/dev/null ||
    fail '装好的程序不能启动' "请看上面的原因；$target 没有启用"
touch "$target/complete"
ln -sfn "$target" "$prefix/.current" && mv -fT "$prefix/.current" "$prefix/current"

printf '已装好一诺 %s：%s\n' "$VERSION" "$prefix/current/bin/yinuo"
printf '下一步：新的安装见 README.txt；已有的安装先停止站点，再运行 yinuo upgrade\n'
