"""Survey files on their way into the register (测绘成果入库).

receive → archive → read → map → check → stage → commit. What a file says is read and
checked in a child process that can do no harm (`reading_process`); what it leaves is
a table of accepted rows and a table of issues, and only these reach the database.
"""
