"""What has to be done, by whom and by when (任务, 期限, 销号).

`repository.open_task` opens one from anywhere in the program, `repository.find_tasks`
lists them, `steps.take_step` carries one on; `kinds` says what kinds there are.
"""
