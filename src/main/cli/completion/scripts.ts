/** The shells that can complete what is typed behind `hinas`. */
export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** A line by which `hinas complete` says that files and folders fit too. */
export const FILES_FIT = ":files";

const BASH = `_hinas() {
  local line word=\${COMP_WORDS[COMP_CWORD]} files=""
  local -a fitting=()
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == "${FILES_FIT}" ]]; then files=1; else fitting+=("\${line%%$'\\t'*}"); fi
  done < <(hinas complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    COMPREPLY=("\${fitting[@]}")
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word")
  else
    for line in "\${fitting[@]}"; do COMPREPLY+=("$(printf '%q' "$line")"); done
  fi
}
complete -F _hinas hinas
`;

const ZSH = `#compdef hinas
_hinas() {
  local line files=0
  local -a described
  for line in "\${(@f)$(hinas complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    if [[ -z $line ]]; then continue; fi
    if [[ $line == "${FILES_FIT}" ]]; then files=1; continue; fi
    described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#described} )); then _describe -V 'hinas' described; fi
  if (( files )); then _files; fi
}
compdef _hinas hinas
`;

const FISH = `function __hinas_complete
  set -l words (commandline -opc) (commandline -ct)
  for line in (hinas complete -- $words[2..-1] 2>/dev/null)
    if test "$line" = "${FILES_FIT}"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c hinas -f -a '(__hinas_complete)'
`;

/** What a shell reads to complete `hinas`; each asks `hinas complete`, which knows the commands and the lab's names. */
export const COMPLETION_SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
