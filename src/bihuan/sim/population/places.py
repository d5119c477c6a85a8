"""Where the brokerage is: three regions and twelve branches in real cities. Names and codes are invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Region:
    """A group of branches under one region manager."""

    code: str
    name: str
    name_en: str


@dataclass(frozen=True)
class Branch:
    """A branch (营业部): degrees north and east, and how many new customers a month it has hands for."""

    code: str
    name: str
    name_en: str
    region: str
    city: str
    province: str
    latitude: float
    longitude: float
    capacity: int


REGIONS: tuple[Region, ...] = (
    Region("EAST", "华东区", "East China"),
    Region("SOUTH", "华南区", "South China"),
    Region("NORTHWEST", "北方与中西部区", "North and Inland"),
)

BRANCHES: tuple[Branch, ...] = (
    Branch("SH01", "上海滨江营业部", "Shanghai Riverside", "EAST", "上海", "上海", 31.2304, 121.4737, 900),
    Branch("HZ01", "杭州湖滨营业部", "Hangzhou Lakeside", "EAST", "杭州", "浙江", 30.2741, 120.1551, 600),
    Branch("NJ01", "南京钟山营业部", "Nanjing Zhongshan", "EAST", "南京", "江苏", 32.0603, 118.7969, 500),
    Branch("SU01", "苏州园区营业部", "Suzhou Park", "EAST", "苏州", "江苏", 31.2989, 120.5853, 500),
    Branch("SZ01", "深圳南山营业部", "Shenzhen Nanshan", "SOUTH", "深圳", "广东", 22.5431, 114.0579, 900),
    Branch("GZ01", "广州天河营业部", "Guangzhou Tianhe", "SOUTH", "广州", "广东", 23.1291, 113.2644, 800),
    Branch("FS01", "佛山岭南营业部", "Foshan Lingnan", "SOUTH", "佛山", "广东", 23.0215, 113.1214, 400),
    Branch("XM01", "厦门海湾营业部", "Xiamen Bay", "SOUTH", "厦门", "福建", 24.4798, 118.0894, 400),
    Branch("BJ01", "北京东城营业部", "Beijing Dongcheng", "NORTHWEST", "北京", "北京", 39.9042, 116.4074, 900),
    Branch("TJ01", "天津海河营业部", "Tianjin Haihe", "NORTHWEST", "天津", "天津", 39.3434, 117.3616, 400),
    Branch("CD01", "成都锦江营业部", "Chengdu Jinjiang", "NORTHWEST", "成都", "四川", 30.5728, 104.0668, 600),
    Branch("WH01", "武汉东湖营业部", "Wuhan East Lake", "NORTHWEST", "武汉", "湖北", 30.5928, 114.3055, 600),
)


@dataclass(frozen=True)
class City:
    """Where customers live: the nearest branch serves it; `weight` is its share of them."""

    name: str
    province: str
    latitude: float
    longitude: float
    branch: str
    weight: float


CITIES: tuple[City, ...] = (
    City("上海", "上海", 31.2304, 121.4737, "SH01", 14),
    City("杭州", "浙江", 30.2741, 120.1551, "HZ01", 7),
    City("宁波", "浙江", 29.8683, 121.5440, "HZ01", 3),
    City("南京", "江苏", 32.0603, 118.7969, "NJ01", 6),
    City("苏州", "江苏", 31.2989, 120.5853, "SU01", 5),
    City("无锡", "江苏", 31.4912, 120.3119, "SU01", 3),
    City("深圳", "广东", 22.5431, 114.0579, "SZ01", 12),
    City("东莞", "广东", 23.0207, 113.7518, "SZ01", 2),
    City("广州", "广东", 23.1291, 113.2644, "GZ01", 9),
    City("佛山", "广东", 23.0215, 113.1214, "FS01", 4),
    City("厦门", "福建", 24.4798, 118.0894, "XM01", 4),
    City("福州", "福建", 26.0745, 119.2965, "XM01", 2),
    City("北京", "北京", 39.9042, 116.4074, "BJ01", 12),
    City("天津", "天津", 39.3434, 117.3616, "TJ01", 4),
    City("成都", "四川", 30.5728, 104.0668, "CD01", 7),
    City("武汉", "湖北", 30.5928, 114.3055, "WH01", 6),
)
