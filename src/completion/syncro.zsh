#compdef syncro
# zsh completion for syncro: asks the program, which answers from what it keeps, without a request.
_syncro() {
    local first line value
    local -a values shown
    {
        IFS= read -r first
        while IFS= read -r line; do
            value=${line%%$'\t'*}
            values+=("$value")
            if [[ $line == *$'\t'?* ]]; then
                shown+=("$value  -- ${line#*$'\t'}")
            else
                shown+=("$value")
            fi
        done
    } < <("${(Q)words[1]}" completions zsh --answer -- "${(@Q)words[2,CURRENT-1]}" "=${(Q)PREFIX}" 2>/dev/null)
    if [[ $first == files ]]; then
        _files
        return
    fi
    (( $#values )) || return 1
    compadd -U -V syncro -l -d shown -a values
}
if [[ ${funcstack[1]-} == _syncro ]]; then
    _syncro "$@"
else
    compdef _syncro syncro
fi
