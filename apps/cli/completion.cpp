#include "apps/cli/completion.h"

namespace batchyard::cli {

namespace {

constexpr const char* bash_script =
    R"SH(# bash completion for batchyard: eval "$(batchyard completion bash)"
_batchyard() {
  local word="${COMP_WORDS[COMP_CWORD]}" verb="${COMP_WORDS[1]}"
  local verbs="up serve agent doctor demo get describe logs wait run app launch catalogue completion --help --version"
  case "$COMP_CWORD:$verb" in
    1:*) COMPREPLY=($(compgen -W "$verbs" -- "$word")) ;;
    2:get) COMPREPLY=($(compgen -W "pools nodes jobs tasks" -- "$word")) ;;
    2:describe|2:wait) COMPREPLY=($(compgen -W "pool node job task" -- "$word")) ;;
    2:app) COMPREPLY=($(compgen -W "create upload activate list show set delete" -- "$word")) ;;
    2:catalogue) COMPREPLY=($(compgen -W "sizes images retirements" -- "$word")) ;;
    *:catalogue) COMPREPLY=($(compgen -W "--gpu --rdma --cloud-services --cores --os --with --before --after --catalogue --output" -- "$word")) ;;
    2:completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")) ;;
    *:up|*:serve) COMPREPLY=($(compgen -W "--data-dir --listen --http --env-file --isolation --catalogue --help" -- "$word") $(compgen -f -- "$word")) ;;
    *:run) COMPREPLY=($(compgen -W "--nodes --mpi --size --pool --keep --coordination --help" -- "$word")) ;;
    *:get|*:describe) COMPREPLY=($(compgen -W "-o --output --endpoint --account --key --ca-file" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "--endpoint --account --key --ca-file --help" -- "$word")) ;;
  esac
}
complete -F _batchyard batchyard
)SH";

constexpr const char* zsh_script = R"SH(#compdef batchyard
# zsh completion for batchyard: batchyard completion zsh > "${fpath[1]}/_batchyard"
_batchyard() {
  local -a verbs
  verbs=('up:a development service with local nodes' 'serve:the service' 'agent:a node' 'doctor:what this machine can do'
         'demo:an MPI program over three nodes' 'get:list pools, nodes, jobs, tasks' 'describe:everything about one of them'
         'logs:what a task wrote' 'wait:until a state is reached' 'run:one command on nodes made for it'
         'app:applications and their packages' 'catalogue:sizes, images and retirements' 'completion:a script for a shell')
  if (( CURRENT == 2 )); then
    _describe 'command' verbs
  else
    case "$words[2]" in
      get) _values 'kind' pools nodes jobs tasks ;;
      describe|wait) _values 'kind' pool node job task ;;
      app) _values 'verb' create upload activate list show set delete ;;
      catalogue) _values 'kind' sizes images retirements ;;
      completion) _values 'shell' bash zsh fish ;;
      *) _files ;;
    esac
  fi
}
compdef _batchyard batchyard
)SH";

constexpr const char* fish_script =
    R"SH(# fish completion for batchyard: batchyard completion fish | source
complete -c batchyard -f
set -l verbs up serve agent doctor demo get describe logs wait run app catalogue completion
complete -c batchyard -n "not __fish_seen_subcommand_from $verbs" -a "$verbs"
complete -c batchyard -n "__fish_seen_subcommand_from get" -a "pools nodes jobs tasks"
complete -c batchyard -n "__fish_seen_subcommand_from describe wait" -a "pool node job task"
complete -c batchyard -n "__fish_seen_subcommand_from completion" -a "bash zsh fish"
complete -c batchyard -n "__fish_seen_subcommand_from catalogue" -a "sizes images retirements"
complete -c batchyard -n "__fish_seen_subcommand_from app" -a "create upload activate list show set delete"
complete -c batchyard -n "__fish_seen_subcommand_from up serve" -l data-dir -l listen -l http -l env-file -l isolation
complete -c batchyard -n "__fish_seen_subcommand_from run" -l nodes -l mpi -l size -l pool -l keep -l coordination
complete -c batchyard -n "__fish_seen_subcommand_from get describe" -s o -l output -xa "table json"
)SH";

}  // namespace

std::string completion_script(const std::string& shell) {
  if (shell == "bash") return bash_script;
  if (shell == "zsh") return zsh_script;
  return shell == "fish" ? fish_script : "";
}

}  // namespace batchyard::cli
