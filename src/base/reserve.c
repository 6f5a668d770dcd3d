/* How is room kept on a disk, and let go of? As a file whose blocks are really taken. */
#include "base/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/file.h"

static bool has_free(int dirfd, size_t bytes)
{
        struct statvfs room;

        return fstatvfs(dirfd, &room) == 0 && (uint64_t)room.f_bavail * room.f_frsize >= bytes;
}

bool plc_reserve_keep(int dirfd, size_t bytes)
{
        plc_autofd int fd = -1;
        struct stat st;

        if (fstatat(dirfd, PLC_RESERVE_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_size == (off_t)bytes)
                return true;
        if (!has_free(dirfd, bytes + bytes / 2))
                return false;
        fd = openat(dirfd, PLC_RESERVE_NAME, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd >= 0 && posix_fallocate(fd, 0, (off_t)bytes) == 0)
                return true;
        unlinkat(dirfd, PLC_RESERVE_NAME, 0);
        return false;
}

bool plc_reserve_spend(int dirfd)
{
        return unlinkat(dirfd, PLC_RESERVE_NAME, 0) == 0;
}
