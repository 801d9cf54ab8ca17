"""Files: what families attach and the papers that the portal makes, kept byte for byte by SHA-256.

Answers for the folder of files, for what may be attached (type, size, content), for the text and the
look of the made papers, for their numbers and for the public check of a number. Never decides who may
open a file (the pages do), never signs (signatures), never knows applications or people but by id.
"""
