/* sockinfo: what a socket is, asked of the kernel by inode (sock_diag(7)), as strace -yy shows it. */
#ifndef STATE_SOCKINFO_H
#define STATE_SOCKINFO_H

#include <stdint.h>
#include <sys/types.h>

/*
 * "TCP:[127.0.0.1:80->127.0.0.1:4242]", "UNIX-STREAM:[12->13,"/run/x"]", "TCP:[12]" where it has no address yet; NULL
 * where the kernel can't be asked. To be freed. TID and FD name the socket, INODE is its number.
 * Works for the network namespace of the tracer.
 */
char *sockinfo(pid_t tid, int fd, uint64_t inode);

#endif
