# bash completion for syncro: asks the program, which answers from what it keeps, without a request.
_syncro() {
    local line first='' insert=''
    case "${COMP_TYPE-}" in
        37|42) insert=--insert ;;
    esac
    COMPREPLY=()
    while IFS= read -r line; do
        if [ -z "$first" ]; then
            first=$line
        else
            COMPREPLY+=("$line")
        fi
    done < <("$1" completions bash --answer $insert -- "${COMP_LINE:0:COMP_POINT}" "=$2" 2>/dev/null)
    if [ "$first" = files ]; then
        compopt -o default 2>/dev/null
        return 0
    fi
    compopt +o default 2>/dev/null
    case "${COMPREPLY[0]-}" in
        *=) compopt -o nospace 2>/dev/null ;;
    esac
    return 0
}
complete -o nosort -o default -F _syncro syncro 2>/dev/null || complete -o default -F _syncro syncro
