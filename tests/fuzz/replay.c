// SPDX-License-Identifier: GPL-2.0
/*
 * replay.c - the fuzzer's target on files that are there, each once: for compilers and
 * tools that know no libFuzzer, and to see what a corpus covers
 *
 *	packet_replay DIR...
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

static int replay(const char *dir, const char *name)
{
	static uint8_t input[1 << 16];
	char path[4096];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "rb");
	if (!file) {
		perror(path);
		return 1;
	}
	size = fread(input, 1, sizeof(input), file);
	fclose(file);
	LLVMFuzzerTestOneInput(input, size);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int count = 0;
	int i, failed = 0;

	for (i = 1; i < argc; i++) {
		DIR *dir = opendir(argv[i]);
		struct dirent *entry;

		if (!dir) {
			perror(argv[i]);
			return 1;
		}
		while ((entry = readdir(dir))) {
			if (entry->d_type != DT_REG)
				continue;
			failed |= replay(argv[i], entry->d_name);
			count++;
		}
		closedir(dir);
	}
	printf("%u inputs\n", count);
	return failed || !count;
}
