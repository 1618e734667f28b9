/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scoped - handles that are released when they leave their scope
 *
 *	scoped(fd_close) int fd = open(path, O_RDONLY | O_CLOEXEC);
 *
 * needs a function fd_close_scoped(int *), which releases what the variable
 * owns and does nothing for its empty value.  A scoped variable holds its
 * empty value until it owns something.  Release runs in reverse order.  Do
 * not use goto in a function that has one.
 */
#ifndef BASE_SCOPED_H
#define BASE_SCOPED_H

#include <stdlib.h>

#define scoped(release) __attribute__((cleanup(release##_scoped)))

/* scoped(memory_free) char *text = NULL;  Any pointer from malloc(). */
static inline void memory_free_scoped(void *pointer)
{
	free(*(void **)pointer);
}

/* Hand a pointer on: the scoped variable is left empty. */
#define take_pointer(p) __extension__({ __typeof__(*(p)) taken_ = *(p); *(p) = NULL; taken_; })

#endif
