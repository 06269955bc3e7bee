/* SPDX-License-Identifier: GPL-2.0 */
/* What is made of the descriptors at build time. */
#ifndef ICMPCTL_GENERATE_H
#define ICMPCTL_GENERATE_H

#include "command.h"

/* generate_shell.c */
void generate_bash(void);
void generate_zsh(void);
void generate_fish(void);

#endif
