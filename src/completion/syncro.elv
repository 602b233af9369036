# elvish completion for syncro: asks the program, which answers from what it keeps, without a request.
use str
set edit:completion:arg-completer[syncro] = {|@words|
    var before = $words[1..-1]
    var typed = (count $words[-1])
    var first = $true
    var files = $false
    try {
        (external $words[0]) completions elvish --answer -- $@before '='$words[-1] 2>/dev/null | from-lines | each {|line|
            if $first {
                set first = $false
                set files = (eq $line files)
            } else {
                var value text = (str:split &max=2 "\t" $line)
                # elvish takes only what begins with the letters that were typed, and to the program their case is alike.
                try {
                    if (eq (str:to-lower $value[..$typed]) (str:to-lower $words[-1])) {
                        set value = $words[-1]$value[$typed..]
                    }
                } catch {
                    nop
                }
                if (eq $text '') {
                    put $value
                } else {
                    edit:complex-candidate $value &display=$value'  -- '$text
                }
            }
        }
    } catch {
        nop
    }
    if $files {
        edit:complete-filename $words[-1]
    }
}
