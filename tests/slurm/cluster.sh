#!/bin/bash
# Starts a cluster of one node in FOLDER: munge, slurmctld, slurmd and sshd of Debian's packages with keys, ports and settings of
# their own, so that nothing of the system's is used or changed. Says `ready` or why it cannot, and ends all of it when its input
# closes, so that a test which is killed leaves nothing behind. Accounting is off: it would need a database server.
# `FOLDER/client` belongs in front of the PATH of whoever logs in, as `ssh cluster`.
#
# Usage: tests/slurm/cluster.sh FOLDER
set -u
root=$1
say() { echo "$*"; }
refuse() { say "cannot: $*"; exit 1; }

[ "$(id -u)" = 0 ] || refuse "slurmd must be started by root"
for program in munged:munge slurmctld:slurm-wlm slurmd:slurm-wlm sshd:openssh-server ssh:openssh-client rsync:rsync; do
  PATH=$PATH:/usr/sbin command -v "${program%%:*}" > /dev/null || refuse "the Debian package ${program##*:} is not installed"
done
PATH=$PATH:/usr/sbin
host=$(hostname -s)
mkdir -p "$root"/{state,spool,log,bin,client,scratch,faults} /run/sshd
chmod 700 "$root"

# Three ports at which nobody listens, in a range that differs from process to process.
ports=()
port=$((20000 + $$ * 7 % 10000))
while [ ${#ports[@]} -lt 3 ]; do
  port=$((port + 1))
  (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null || ports+=("$port")
done

cat > "$root/slurm.conf" << END
ClusterName=tiny
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=${ports[0]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# A job that queues again waits as long as a credential lasts; by default two minutes.
AuthInfo=socket=$root/munge.socket,cred_expire=5
StateSaveLocation=$root/state
SlurmdSpoolDir=$root/spool
SlurmctldPidFile=$root/slurmctld.pid
SlurmdPidFile=$root/slurmd.pid
# Containers have no cgroups to give.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,sched_min_interval=0,batch_sched_delay=0,bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
# The node may say that it has more cores than it has.
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=3
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 Port=${ports[1]} CPUs=8 RealMemory=1000
PartitionName=main Nodes=node1 Default=YES MaxTime=1-00:00:00 State=UP
END
# Versions before 23.02 know no `disabled`; there the plugin of the first cgroups does nothing as long as nobody asks it to.
plugin=disabled
case $(slurmd -V) in *" 2"[0-2].*) plugin=cgroup/v1 ;; esac
echo "CgroupPlugin=$plugin" > "$root/cgroup.conf"

# The site's own sbatch and rsync lose the line when a file in `faults` says so: the session's process is killed.
cat > "$root/bin/lose-line" << END
#!/bin/bash
rm "$root/faults/\$1"
session=\$PPID
until [ "\$(cat /proc/\$session/comm)" = sshd ]; do session=\$(awk '/^PPid/ { print \$2 }' /proc/\$session/status); done
kill -KILL "\$session"
END
cat > "$root/bin/sbatch" << END
#!/bin/bash
[ ! -e "$root/faults/before-sbatch" ] || "$root/bin/lose-line" before-sbatch
answer=\$($(command -v sbatch) "\$@"); code=\$?
[ ! -e "$root/faults/after-sbatch" ] || "$root/bin/lose-line" after-sbatch
[ -z "\$answer" ] || echo "\$answer"
exit "\$code"
END
# Some files have come then, and some have not.
cat > "$root/bin/rsync" << END
#!/bin/bash
if [ -e "$root/faults/in-copy" ] && [[ "\$*" == *--sender* ]]; then
  $(command -v rsync) "\$@" | { dd bs=1 count=1500 status=none; "$root/bin/lose-line" in-copy; }
  exit 1
fi
exec $(command -v rsync) "\$@"
END

ssh-keygen -q -t ed25519 -N "" -f "$root/host_key"
ssh-keygen -q -t ed25519 -N "" -f "$root/user_key"
cp "$root/user_key.pub" "$root/authorized_keys"
cat > "$root/sshd_config" << END
Port ${ports[2]}
ListenAddress 127.0.0.1
HostKey $root/host_key
PidFile none
AuthorizedKeysFile $root/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
MaxStartups 100
SetEnv PATH=$root/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SLURM_CONF=$root/slurm.conf
END
echo "[127.0.0.1]:${ports[2]} $(cat "$root/host_key.pub")" > "$root/known_hosts"
cat > "$root/ssh_config" << END
Host cluster
  HostName 127.0.0.1
  Port ${ports[2]}
  User root
  IdentityFile $root/user_key
  IdentitiesOnly yes
  UserKnownHostsFile $root/known_hosts
  GlobalKnownHostsFile /dev/null
END
printf '#!/bin/bash\nexec %s -F %s "$@"\n' "$(command -v ssh)" "$root/ssh_config" > "$root/client/ssh"
chmod +x "$root"/bin/* "$root/client/ssh"

export SLURM_CONF=$root/slurm.conf
pids=()
launch() {
  local name=$1
  shift
  "$@" > "$root/log/$name" 2>&1 < /dev/null &
  pids+=($!)
}
stop() {
  trap '' TERM INT HUP
  ssh -F "$root/ssh_config" -o 'ControlPath=~/.ssh/hinas-%C' -O exit cluster 2> /dev/null
  # Whoever does a job's work outlives slurmd, so that the jobs go first.
  timeout 5 scancel --quiet --signal=KILL --full --user=root 2> /dev/null
  timeout 5 scancel --quiet --user=root 2> /dev/null
  for ((tries = 0; tries < 30; tries++)); do
    [ -n "$(timeout 5 squeue --noheader --states=RUNNING,COMPLETING 2> /dev/null)" ] || break
    sleep 0.2
  done
  # The sessions of sshd are its children.
  for pid in "${pids[@]}"; do
    kill -TERM $(cat "/proc/$pid/task/$pid/children" 2> /dev/null) "$pid" 2> /dev/null
  done
  sleep 0.5
  kill -KILL "${pids[@]}" 2> /dev/null
}
trap stop EXIT
trap 'exit 1' TERM INT HUP

dd if=/dev/urandom of="$root/munge.key" bs=128 count=1 2> /dev/null
chmod 400 "$root/munge.key"
launch munged munged --foreground --force --key-file="$root/munge.key" --socket="$root/munge.socket" --pid-file="$root/munge.pid" \
  --seed-file="$root/munge.seed" --log-file="$root/log/munge.log"
for ((tries = 0; tries < 50; tries++)); do [ -S "$root/munge.socket" ] && break; sleep 0.1; done
launch slurmctld slurmctld -D
launch slurmd slurmd -D -N node1
launch sshd "$(command -v sshd)" -D -e -f "$root/sshd_config"
for ((tries = 0; ; tries++)); do
  [ "$(timeout 5 sinfo --noheader --format=%T 2> /dev/null)" = idle ] &&
    "$root/client/ssh" -o BatchMode=yes cluster sbatch --version > /dev/null 2> "$root/log/login" && break
  [ "$tries" -lt 80 ] || refuse "it does not start: $(grep -hiE 'error|fatal' "$root"/log/* | tail -n 3 | tr '\n' ' ')"
  sleep 0.5
done
say ready
# Read in the background, for bash ends a signal's wait at once and a read never.
exec 4<&0
cat <&4 > /dev/null &
wait $!
