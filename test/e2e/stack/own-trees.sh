# own-trees.sh: to be read by a script that runs in a mount namespace of its own, with $directory set.
#
# Gives it /etc, /var, /usr and an empty /run to write to; what is written lies in memory and is gone with the namespace.

mount --make-rprivate /
mkdir -p "$directory/layers"
mount -t tmpfs none "$directory/layers"
for tree in etc var usr; do
    mkdir -p "$directory/layers/$tree.upper" "$directory/layers/$tree.work"
    layers="lowerdir=/$tree,upperdir=$directory/layers/$tree.upper,workdir=$directory/layers/$tree.work"
    mount -t overlay overlay -o "$layers" "/$tree"
done
# Process ids of daemons out there mean nothing in here, and those in here nothing out there.
mount -t tmpfs -o mode=755 none /run
