# fish completion for syncro: asks the program, which answers from what it keeps, without a request.
function __syncro_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($words[1] completions fish --answer -- $words[2..-1] "=$current" 2>/dev/null)
    if test "$answer[1]" = files
        __fish_complete_path (string replace -r '^--[^=]*=' '' -- $current)
    else if test (count $answer) -gt 1
        printf '%s\n' $answer[2..-1]
    end
end
complete -c syncro -f -a '(__syncro_complete)'
