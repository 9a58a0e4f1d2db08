"""The doors by which an archived page leaves reading: exactly one for each page, all counted."""

from __future__ import annotations

from enum import StrEnum


class Door(StrEnum):
    """Where a page went. Pages of a run = the sum of its doors."""

    READ = "read"
    LIST_PAGE = "list_page"  # a column, list or front page after all
    TOO_SHORT = "too_short"  # the body says too little to be an article
    OFF_TOPIC = "off_topic"  # set by the reading job, never by ``extract``
    EMPTY = "empty"  # no text at all: a frame, a picture, a page that scripts would fill
    UNREADABLE = "unreadable"  # neither text nor a file that can be read
    TOO_LARGE = "too_large"  # more markup than is parsed
    BLOCK_PAGE = "block_page"  # a captcha, a waiting page, a script that only sets a cookie
    GONE = "gone"  # answered 200, says that the page does not exist


DOOR_WORDS: dict[Door, str] = {
    Door.READ: "已读取",
    Door.LIST_PAGE: "实为列表页",
    Door.TOO_SHORT: "正文过短",
    Door.OFF_TOPIC: "与招商无关",
    Door.EMPTY: "无正文",
    Door.UNREADABLE: "无法读取",
    Door.TOO_LARGE: "页面过大",
    Door.BLOCK_PAGE: "访问受限页",
    Door.GONE: "页面已删除",
}
