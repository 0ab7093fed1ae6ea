#include <stdio.h>

#include "libgreeting.h"

int main(void) {
  printf("%d\n", (int)Double(21));
  return 0;
}
