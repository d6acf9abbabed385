# bash completion for mlmmj-amime-receive
# Written by scripts/completions.ts from the option tables of the commands: change those, then run it again.

_mlmmj_amime_receive() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command='' options=''
  COMPREPLY=()
  [[ $COMP_CWORD -gt 1 && ${COMP_WORDS[1]} != -* ]] && command=${COMP_WORDS[1]}
  case $command:$before in
    preview:--signed) COMPREPLY=($(compgen -W 'skip wrap' -- "$word")); return ;;
    preview:--attachment-only) COMPREPLY=($(compgen -W 'part skip' -- "$word")); return ;;
    install:--transport) COMPREPLY=($(compgen -W 'hash mysql pgsql ldap none' -- "$word")); return ;;
    :-L|preview:-L|preview:--out|install:--systemd-config|install:--spool|install:--prefix|install:--postfix-config|uninstall:--postfix-config|check:--all|check:--postfix-config|check:--systemd-config|serve:--lists) COMPREPLY=($(compgen -d -- "$word")); return ;;
    :--mlmmj-receive|preview:--footer-text|preview:--footer-html|preview:--eml|preview:--html|install:--lookup-from|install:--mlmmj-receive|install:--amavis-config|check:--log|serve:--tls-cert|serve:--tls-key|serve:--mlmmj-receive) COMPREPLY=($(compgen -f -- "$word")); return ;;
    :-s|:-e|:--deadline|install:--user|install:--amavis-port|install:--reinjection-port|install:--dkim-domain|check:--amavis-port|check:--probe|serve:--layout|serve:--listen|serve:--socket-mode|serve:--allow|serve:--hostname|serve:--metrics|serve:--max-size|serve:--max-connections|serve:--max-deliveries|serve:--idle-seconds|serve:--transaction-seconds|serve:--wait-seconds|serve:--delivery-seconds|serve:--shutdown-seconds) return ;;
  esac
  case $command in
    '') options='-L -s -e -F -P --dry-run --mlmmj-receive --deadline --help --version' ;;
    preview) options='-L --footer-text --footer-html --signed --attachment-only --json --diff --eml --html --out --help' ;;
    install) options='--dry-run --transport --lookup-from --lmtp --pipe --systemd-config --spool --user --create-user --prefix --mlmmj-receive --postfix-config --amavis-config --amavis-port --reinjection-port --dkim-domain --help' ;;
    uninstall) options='--dry-run --postfix-config --help' ;;
    check) options='--lmtp --all --postfix-config --systemd-config --amavis-port --log --probe --verbose --json --help' ;;
    serve) options='--lists --layout --listen --socket-mode --allow --hostname --tls-cert --tls-key --metrics --mlmmj-receive -F -P --max-size --max-connections --max-deliveries --idle-seconds --transaction-seconds --wait-seconds --delivery-seconds --shutdown-seconds --help' ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W 'preview install uninstall check serve' -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}

complete -o filenames -F _mlmmj_amime_receive mlmmj-amime-receive
