# SPDX-License-Identifier: Apache-2.0
# The schema as a C string.
s/["\\]/\\&/g
s/.*/"&\\n"/
